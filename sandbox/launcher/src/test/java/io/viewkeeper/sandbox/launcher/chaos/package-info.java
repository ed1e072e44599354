@NullMarked
package io.viewkeeper.sandbox.launcher.chaos;

import org.jspecify.annotations.NullMarked;
