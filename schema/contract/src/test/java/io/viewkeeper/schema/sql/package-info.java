@NullMarked
package io.viewkeeper.schema.sql;

import org.jspecify.annotations.NullMarked;
