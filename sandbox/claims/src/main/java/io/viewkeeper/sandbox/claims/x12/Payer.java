// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

/** The payer that the claim is addressed to (2010BB), never one of its other payers (2330B). */
public record Payer(String code, String name, PayerType type) {}
