@NullMarked
package io.viewkeeper.sandbox.launcher.process;

import org.jspecify.annotations.NullMarked;
