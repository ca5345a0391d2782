"""Operations: listed, shown, resolved, cancelled."""
