// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.scrape;

/** Series that a scrape shows besides the meters of the process. */
public interface MoreFamilies {
    /** Families, one after the other, without what ends an answer. No name may be that of a meter. */
    String text(ScrapeFormat format);
}
