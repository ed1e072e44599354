@NullMarked
package io.viewkeeper.schema.access;

import org.jspecify.annotations.NullMarked;
