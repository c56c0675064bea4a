"""Pure decisions of the hub: admission, routing and tree growth, without input, output, clock or chance."""
