@NullMarked
package io.viewkeeper.optimizer.api;

import org.jspecify.annotations.NullMarked;
