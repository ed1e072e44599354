@NullMarked
package io.viewkeeper.schema.start;

import org.jspecify.annotations.NullMarked;
