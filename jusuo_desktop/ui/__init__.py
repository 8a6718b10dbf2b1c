"""What people see: Qt lives here and nowhere else. A page talks to the window through its Desk; work runs in the Background."""
