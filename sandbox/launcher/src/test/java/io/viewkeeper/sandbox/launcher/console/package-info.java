@NullMarked
package io.viewkeeper.sandbox.launcher.console;

import org.jspecify.annotations.NullMarked;
