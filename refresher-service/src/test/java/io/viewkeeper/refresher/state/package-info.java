@NullMarked
package io.viewkeeper.refresher.state;

import org.jspecify.annotations.NullMarked;
