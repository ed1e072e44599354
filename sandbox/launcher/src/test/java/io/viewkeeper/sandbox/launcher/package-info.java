/** What the launcher does by itself, and, in the classes named {@code …IT}, what the packaged services do together. */
@NullMarked
package io.viewkeeper.sandbox.launcher;

import org.jspecify.annotations.NullMarked;
