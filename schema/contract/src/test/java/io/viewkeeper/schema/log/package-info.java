@NullMarked
package io.viewkeeper.schema.log;

import org.jspecify.annotations.NullMarked;
