"""What makes notebooks a course: pages of a run, copies to work in and to hand out."""
