@NullMarked
package io.viewkeeper.schema.consumer;

import org.jspecify.annotations.NullMarked;
