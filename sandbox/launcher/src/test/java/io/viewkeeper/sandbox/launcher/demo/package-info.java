@NullMarked
package io.viewkeeper.sandbox.launcher.demo;

import org.jspecify.annotations.NullMarked;
