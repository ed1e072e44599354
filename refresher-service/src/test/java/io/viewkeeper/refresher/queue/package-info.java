@NullMarked
package io.viewkeeper.refresher.queue;

import org.jspecify.annotations.NullMarked;
