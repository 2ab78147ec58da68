/**
 * oneDNN called directly.
 *
 * <p>The way of the data: values in memory of the caller → reordered where oneDNN wants them otherwise → a primitive → values again. {@link io.github.horkd.internal.onednn.NativeObjects} makes its objects and destroys them,
 * {@link io.github.horkd.internal.onednn.MemoryOrder} describes how values lie, an {@link io.github.horkd.internal.onednn.Operation} is a primitive that
 * runs on the caller's memory and reorders where the two differ, and a {@link io.github.horkd.internal.onednn.PrimitiveCache} keeps what was made for a size.
 * The library is optional: {@link io.github.horkd.internal.onednn.OneDnn} says whether it is there.
 */
package io.github.horkd.internal.onednn;
