@NullMarked
package io.viewkeeper.refresher.run;

import org.jspecify.annotations.NullMarked;
