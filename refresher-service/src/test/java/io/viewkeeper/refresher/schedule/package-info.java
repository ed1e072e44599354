@NullMarked
package io.viewkeeper.refresher.schedule;

import org.jspecify.annotations.NullMarked;
