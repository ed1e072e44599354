@NullMarked
package io.viewkeeper.schema.event;

import org.jspecify.annotations.NullMarked;
