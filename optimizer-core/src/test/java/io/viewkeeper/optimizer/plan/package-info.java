@NullMarked
package io.viewkeeper.optimizer.plan;

import org.jspecify.annotations.NullMarked;
