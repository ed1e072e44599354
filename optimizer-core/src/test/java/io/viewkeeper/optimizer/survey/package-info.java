@NullMarked
package io.viewkeeper.optimizer.survey;

import org.jspecify.annotations.NullMarked;
