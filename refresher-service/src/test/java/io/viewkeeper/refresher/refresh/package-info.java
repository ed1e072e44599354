@NullMarked
package io.viewkeeper.refresher.refresh;

import org.jspecify.annotations.NullMarked;
