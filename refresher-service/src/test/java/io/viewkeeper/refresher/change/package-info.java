@NullMarked
package io.viewkeeper.refresher.change;

import org.jspecify.annotations.NullMarked;
