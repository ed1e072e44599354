/** What comes before a service works: its log, its ports, what ends a start. Does not belong here: what a setting means. */
@NullMarked
package io.viewkeeper.schema.start;

import org.jspecify.annotations.NullMarked;
