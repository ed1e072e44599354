@NullMarked
package io.viewkeeper.schema.catalog;

import org.jspecify.annotations.NullMarked;
