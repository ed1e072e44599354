@NullMarked
package io.viewkeeper.optimizer.finding;

import org.jspecify.annotations.NullMarked;
