"""What tests share: generators, builders, fakes that police their use."""
