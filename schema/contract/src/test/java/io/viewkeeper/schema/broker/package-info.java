@NullMarked
package io.viewkeeper.schema.broker;

import org.jspecify.annotations.NullMarked;
