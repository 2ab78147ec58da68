/**
 * Networks and where their pieces come from: backbones, classification heads, guides, CPU acceleration. Needs DL4J.
 */
package io.github.horkd.model;
