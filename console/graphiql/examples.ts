/** An operation that GraphiQL opens in a tab of its own when a user comes for the first time. */
export interface Example {
  /** The role it is meant for: its demo token is filled in, where the server hands one out. */
  readonly role: 'agent' | 'approver' | 'admin';
  /** One or more named operations; the first name is the tab's title. */
  readonly query: string;
}

// Tab 1: what the guardrails allow.
const guardrails: Example = {
  role: 'agent',
  query: `# What may an agent do alone, what needs
# a person, and what is never done?
query Guardrails {
  guardrails {
    tiers {
      tier
      actionTypes
    }
  }
}
`,
};

// Tab 2: an agent proposes.
const propose: Example = {
  role: 'agent',
  query: `# Propose an action. This one needs a person,
# so an approval request comes back with it.
# The same idempotencyKey answers with the same
# action; change the key to propose another.
mutation Propose {
  proposeAction(
    input: {
      actionType: "send_proposal"
      payload: { subject: "Offer" }
      idempotencyKey: "demo-1"
    }
  ) {
    action {
      id
      status
    }
    approval {
      id
    }
  }
}
`,
};

// Tab 3: an approver is told live.
const watch: Example = {
  role: 'approver',
  query: `# Start this, then propose in a second browser
# window: changing tabs here stops it.
# To get what you missed while away, pass the
# last cursor you saw as the argument "after".
subscription ApprovalRequested {
  approvalRequested {
    cursor
    approval {
      id
      action {
        actionType
        payload
      }
    }
  }
}
`,
};

// Tab 4: an approver decides.
const decide: Example = {
  role: 'approver',
  query: `# Press the button and choose: PendingApprovals
# first, then Approve with an id and the digest
# from its answer: you sign exactly what you saw.
query PendingApprovals {
  approvals(first: 10) {
    edges {
      node {
        id
        digest
        action {
          actionType
          payload
          rationale
        }
      }
    }
  }
}

mutation Approve {
  approveAction(
    input: { approvalId: "paste its id", digest: "paste its digest" }
  ) {
    id
    status
    action {
      id
      status
    }
  }
}
`,
};

// Tab 5: goals and what was computed from the stored data.
const goalsAndMetrics: Example = {
  role: 'admin',
  query: `# Where do the goals stand, and what do the
# stored deals and interactions add up to?
query GoalsAndMetrics {
  goalStatuses {
    goal {
      id
      type
      status
      # From its history; says so when there is not enough.
      forecast {
        status
        expectedEnd
        low
        high
        neededPerWeek
      }
    }
    progressPercent
    onTrack
    daysRemaining
    suggestions
    # Those that would close the gap most.
    accounts {
      accountName
      reason
    }
  }
  # The last 90 days, unless you give a period.
  metrics {
    pipeline {
      openValue
    }
    revenue {
      winRate
    }
    # Each figure beside the 90 days before.
    comparison {
      figure
      value
      previous
      changeShare
    }
  }
  # What the server does by itself. \`runJob\` starts one.
  jobs {
    name
    nextDue
    lastRun {
      status
      startedAt
    }
  }
}
`,
};

/** Every example, in the order of the tabs. Each is checked against `schema.graphql` by a test. */
export const EXAMPLES: readonly Example[] = [guardrails, propose, watch, decide, goalsAndMetrics];
