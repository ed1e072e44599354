@NullMarked
package io.viewkeeper.metrics.api;

import org.jspecify.annotations.NullMarked;
