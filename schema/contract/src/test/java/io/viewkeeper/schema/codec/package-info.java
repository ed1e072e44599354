@NullMarked
package io.viewkeeper.schema.codec;

import org.jspecify.annotations.NullMarked;
