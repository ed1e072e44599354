@NullMarked
package io.viewkeeper.refresher.loop;

import org.jspecify.annotations.NullMarked;
