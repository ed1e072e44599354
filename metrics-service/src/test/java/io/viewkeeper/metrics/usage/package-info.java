@NullMarked
package io.viewkeeper.metrics.usage;

import org.jspecify.annotations.NullMarked;
