@NullMarked
package io.viewkeeper.refresher.register;

import org.jspecify.annotations.NullMarked;
