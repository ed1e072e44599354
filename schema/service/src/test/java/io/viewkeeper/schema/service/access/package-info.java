@NullMarked
package io.viewkeeper.schema.service.access;

import org.jspecify.annotations.NullMarked;
