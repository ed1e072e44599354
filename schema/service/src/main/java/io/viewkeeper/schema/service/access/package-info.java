// SPDX-License-Identifier: Apache-2.0
/**
 * Who may ask a service for something over HTTP: bearer tokens from mounted files or OIDC, two roles, and how a refusal reads. No
 * service's own operations.
 */
@NullMarked
package io.viewkeeper.schema.service.access;

import org.jspecify.annotations.NullMarked;
