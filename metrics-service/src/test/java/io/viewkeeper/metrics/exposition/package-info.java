@NullMarked
package io.viewkeeper.metrics.exposition;

import org.jspecify.annotations.NullMarked;
