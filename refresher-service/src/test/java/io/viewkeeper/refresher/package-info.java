@NullMarked
package io.viewkeeper.refresher;

import org.jspecify.annotations.NullMarked;
