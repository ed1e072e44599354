@NullMarked
package io.viewkeeper.optimizer.analysis;

import org.jspecify.annotations.NullMarked;
