@NullMarked
package io.viewkeeper.schema.database;

import org.jspecify.annotations.NullMarked;
