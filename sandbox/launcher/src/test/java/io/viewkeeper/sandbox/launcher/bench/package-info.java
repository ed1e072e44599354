@NullMarked
package io.viewkeeper.sandbox.launcher.bench;

import org.jspecify.annotations.NullMarked;
