@NullMarked
package io.viewkeeper.schema.scrape;

import org.jspecify.annotations.NullMarked;
