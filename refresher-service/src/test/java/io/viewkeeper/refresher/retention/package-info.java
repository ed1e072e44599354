@NullMarked
package io.viewkeeper.refresher.retention;

import org.jspecify.annotations.NullMarked;
