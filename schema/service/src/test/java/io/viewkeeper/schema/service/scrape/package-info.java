@NullMarked
package io.viewkeeper.schema.service.scrape;

import org.jspecify.annotations.NullMarked;
