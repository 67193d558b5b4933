import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { snapshot } from './api/snapshot.ts';
import { takeToken } from './api/token.ts';
import { App } from './pages/app.tsx';
import './styles/base.css';
import './styles/parts.css';
import './styles/controls.css';
import './styles/story.css';
import './styles/series.css';

if (!snapshot) takeToken();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
