@NullMarked
package io.viewkeeper.schema.statement;

import org.jspecify.annotations.NullMarked;
