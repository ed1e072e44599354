@NullMarked
package io.viewkeeper.refresher.outbox;

import org.jspecify.annotations.NullMarked;
