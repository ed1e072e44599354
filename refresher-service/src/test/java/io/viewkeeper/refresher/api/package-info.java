@NullMarked
package io.viewkeeper.refresher.api;

import org.jspecify.annotations.NullMarked;
